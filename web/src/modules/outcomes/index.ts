import { Medal } from '@element-plus/icons-vue'

import { defineModule } from '@/app/module'

export default defineModule({
  routes: [
    {
      path: '/outcomes',
      component: () => import('./pages/OutcomesPage.vue'),
      meta: {
        title: { zh: '结果应用', en: 'Outcomes' },
        page: 'P67',
        may: (me) => me.may('reporting:outcomes'),
      },
    },
  ],
  menu: [{ path: '/outcomes', group: 'results', order: 65, icon: Medal }],
})
