import { DocumentCopy } from '@element-plus/icons-vue'

import { defineModule } from '@/app/module'

export default defineModule({
  routes: [
    {
      path: '/admin/templates',
      component: () => import('./pages/TemplatesPage.vue'),
      meta: {
        title: { zh: '文书模板', en: 'Templates' },
        page: 'P96',
        may: (me) => me.may('reporting:bulletin'),
      },
    },
  ],
  menu: [{ path: '/admin/templates', group: 'office', order: 60, icon: DocumentCopy }],
})
