import { Calendar, Collection } from '@element-plus/icons-vue'

import { defineModule, type Me } from '@/app/module'

export default defineModule({
  routes: [
    {
      path: '/admin/dicts',
      component: () => import('./pages/DictionariesPage.vue'),
      meta: {
        title: { zh: '字典', en: 'Dictionaries' },
        page: 'P94',
        may: (me: Me) => me.may('org:parameters_propose'),
      },
    },
    {
      path: '/admin/calendar',
      component: () => import('./pages/WorkingDaysPage.vue'),
      meta: { title: { zh: '工作日历', en: 'Working days' }, page: 'P94', may: (me: Me) => me.may('targets:calendar') },
    },
  ],
  menu: [
    { path: '/admin/dicts', group: 'admin', order: 40, icon: Collection },
    { path: '/admin/calendar', group: 'office', order: 35, icon: Calendar },
  ],
})
