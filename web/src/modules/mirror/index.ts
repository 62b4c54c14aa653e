import { DataAnalysis, Odometer } from '@element-plus/icons-vue'

import { defineModule } from '@/app/module'

export default defineModule({
  routes: [
    {
      path: '/review/mirror',
      component: () => import('./pages/MirrorPage.vue'),
      meta: {
        title: { zh: '审核画像', en: 'How reviews go' },
        page: 'P42',
        may: (me) => me.is('assessor', 'assessment_office', 'chief'),
      },
    },
    {
      path: '/appeals/stats',
      component: () => import('./pages/AppealStatsPage.vue'),
      meta: {
        title: { zh: '复议统计', en: 'Appeals in figures' },
        page: 'P82',
        may: (me) => me.is('adjudicator', 'assessment_office', 'chief'),
      },
    },
  ],
  menu: [
    { path: '/review/mirror', group: 'review', order: 40, icon: Odometer },
    { path: '/appeals/stats', group: 'appeals', order: 20, icon: DataAnalysis },
  ],
})
