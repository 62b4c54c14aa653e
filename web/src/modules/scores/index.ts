import { DataAnalysis } from '@element-plus/icons-vue'

import { defineModule } from '@/app/module'

export default defineModule({
  routes: [
    {
      path: '/my/scores',
      component: () => import('./pages/MyScorePage.vue'),
      meta: {
        title: { zh: '我的得分', en: 'My score' },
        page: 'P16',
        may: (me) => Boolean(me.who?.officer_id) && me.may('scoring:read'),
      },
    },
    {
      path: '/scores/:subject/:period',
      component: () => import('./pages/ScorePage.vue'),
      props: true,
      meta: {
        title: { zh: '得分构成', en: 'What a score is made of' },
        page: 'P58',
        may: (me) => me.may('reporting:read'),
        above: '/rankings',
      },
    },
  ],
  menu: [{ path: '/my/scores', group: 'mine', order: 30, icon: DataAnalysis }],
})
