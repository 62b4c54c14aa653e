import { Monitor } from '@element-plus/icons-vue'

import { defineModule } from '@/app/module'

export default defineModule({
  routes: [
    {
      path: '/screen/:board',
      component: () => import('./pages/WallPage.vue'),
      props: true,
      meta: {
        title: { zh: '大屏', en: 'Wall board' },
        page: 'P60',
        may: (me) => me.is('assessment_office', 'chief'),
        bare: true,
      },
    },
  ],
  menu: [{ path: '/screen/all', group: 'results', order: 70, icon: Monitor }],
})
