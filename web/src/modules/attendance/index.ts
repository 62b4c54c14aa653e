import { Timer } from '@element-plus/icons-vue'

import { defineModule } from '@/app/module'

export default defineModule({
  routes: [
    {
      path: '/attendance',
      component: () => import('./pages/AttendancePage.vue'),
      meta: {
        title: { zh: '考勤数据', en: 'Attendance' },
        page: 'P69',
        may: (me) => me.is('assessment_office') && me.may('scoring:award'),
      },
    },
  ],
  menu: [{ path: '/attendance', group: 'office', order: 45, icon: Timer }],
})
