import { Warning } from '@element-plus/icons-vue'

import { defineModule } from '@/app/module'

export default defineModule({
  routes: [
    {
      path: '/zero',
      component: () => import('./pages/ZeroPage.vue'),
      meta: {
        title: { zh: '清零行动与红线', en: 'Zero drive and red lines' },
        page: 'P61',
        may: (me) => me.is('assessment_office', 'chief'),
      },
    },
  ],
  menu: [{ path: '/zero', group: 'results', order: 60, icon: Warning }],
})
