import { TrendCharts } from '@element-plus/icons-vue'

import { defineModule } from '@/app/module'

export default defineModule({
  routes: [
    {
      path: '/rankings',
      component: () => import('./pages/RankingsPage.vue'),
      meta: { title: { zh: '排名榜', en: 'Rankings' }, page: 'P59', may: (me) => me.may('reporting:read') },
    },
  ],
  menu: [{ path: '/rankings', group: 'results', order: 10, icon: TrendCharts }],
})
