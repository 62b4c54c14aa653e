import { AlarmClock } from '@element-plus/icons-vue'

import { defineModule } from '@/app/module'

export default defineModule({
  routes: [
    {
      path: '/supervision',
      component: () => import('./pages/SupervisionPage.vue'),
      meta: {
        title: { zh: '督办中心', en: 'Supervision' },
        page: 'P68',
        may: (me) => me.may('targets:supervise'),
      },
    },
  ],
  menu: [{ path: '/supervision', group: 'office', order: 35, icon: AlarmClock }],
})
