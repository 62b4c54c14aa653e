import { Share } from '@element-plus/icons-vue'

import { defineModule } from '@/app/module'

export default defineModule({
  routes: [
    {
      path: '/cascade',
      component: () => import('./pages/CoveragePage.vue'),
      meta: {
        title: { zh: '下达与分解进度', en: 'How far targets have come' },
        page: 'P54',
        may: (me) => me.is('assessment_office', 'chief'),
      },
    },
  ],
  menu: [{ path: '/cascade', group: 'office', order: 20, icon: Share }],
})
