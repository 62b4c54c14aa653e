import { ChatLineSquare } from '@element-plus/icons-vue'

import { defineModule } from '@/app/module'

export default defineModule({
  routes: [
    {
      path: '/publicity',
      component: () => import('./pages/PublicityPage.vue'),
      meta: { title: { zh: '公示', en: 'Public notice' }, page: 'P62', may: (me) => me.may('scoring:read') },
    },
  ],
  menu: [{ path: '/publicity', group: 'results', order: 30, icon: ChatLineSquare }],
})
