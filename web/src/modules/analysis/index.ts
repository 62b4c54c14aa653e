import { DataBoard } from '@element-plus/icons-vue'

import { defineModule } from '@/app/module'

export default defineModule({
  routes: [
    {
      path: '/analysis',
      component: () => import('./pages/AnalysisPage.vue'),
      meta: {
        title: { zh: '综合查询', en: 'Analysis' },
        page: 'P66',
        may: (me) => me.is('assessment_office', 'chief', 'unit_leader'),
      },
    },
  ],
  menu: [{ path: '/analysis', group: 'results', order: 70, icon: DataBoard }],
})
