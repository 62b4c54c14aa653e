import { defineModule } from '@/app/module'

export default defineModule({
  routes: [
    {
      path: '/search',
      component: () => import('./pages/SearchPage.vue'),
      meta: { title: { zh: '全局搜索', en: 'Search' }, page: 'P06', may: (me) => me.may('reporting:read') },
    },
  ],
})
