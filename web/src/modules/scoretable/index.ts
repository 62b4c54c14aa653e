import { Grid } from '@element-plus/icons-vue'

import { defineModule } from '@/app/module'

export default defineModule({
  routes: [
    {
      path: '/scores',
      component: () => import('./pages/ScoreTablePage.vue'),
      meta: {
        title: { zh: '得分总表', en: 'Score table' },
        page: 'P58',
        may: (me) => me.is('assessment_office', 'chief', 'unit_leader'),
      },
    },
  ],
  menu: [{ path: '/scores', group: 'results', order: 15, icon: Grid }],
})
