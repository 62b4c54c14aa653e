import { Medal } from '@element-plus/icons-vue'

import { defineModule } from '@/app/module'

export default defineModule({
  routes: [
    {
      path: '/points',
      component: () => import('./pages/PointsPage.vue'),
      meta: {
        title: { zh: '加减分登记', en: 'Bonuses and penalties' },
        page: 'P44',
        may: (me) => me.may('scoring:award'),
      },
    },
  ],
  menu: [{ path: '/points', group: 'review', order: 40, icon: Medal }],
})
