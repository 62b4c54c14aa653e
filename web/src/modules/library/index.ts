import { Files } from '@element-plus/icons-vue'

import { defineModule } from '@/app/module'

export default defineModule({
  routes: [
    {
      path: '/indicators',
      component: () => import('./pages/LibraryPage.vue'),
      meta: {
        title: { zh: '指标库', en: 'Indicators' },
        page: 'P53',
        may: (me) => me.is('assessment_office', 'assessor'),
      },
    },
  ],
  menu: [{ path: '/indicators', group: 'office', order: 15, icon: Files }],
})
