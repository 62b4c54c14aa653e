import { FolderOpened } from '@element-plus/icons-vue'

import { defineModule } from '@/app/module'

export default defineModule({
  routes: [
    {
      path: '/exports',
      component: () => import('./pages/FilesPage.vue'),
      meta: {
        title: { zh: '导入导出', en: 'Imports and exports' },
        page: 'P70',
        may: (me) => me.is('assessment_office', 'chief', 'unit_leader', 'assessor', 'roster_admin', 'auditor'),
      },
    },
  ],
  menu: [{ path: '/exports', group: 'home', order: 60, icon: FolderOpened }],
})
