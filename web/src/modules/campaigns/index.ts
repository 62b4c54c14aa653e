import { Flag } from '@element-plus/icons-vue'

import { defineModule } from '@/app/module'

export default defineModule({
  routes: [
    {
      path: '/campaigns',
      component: () => import('./pages/CampaignsPage.vue'),
      meta: {
        title: { zh: '专项行动', en: 'Campaigns' },
        page: 'P55',
        may: (me) => me.may('targets:read') && me.is('assessment_office', 'unit_leader', 'chief'),
      },
    },
  ],
  menu: [{ path: '/campaigns', group: 'office', order: 25, icon: Flag }],
})
