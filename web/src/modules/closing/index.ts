import { Calendar } from '@element-plus/icons-vue'

import { defineModule, type Me } from '@/app/module'

const may = (me: Me) => me.may('scoring:close') || me.may('scoring:seal')

export default defineModule({
  routes: [
    {
      path: '/periods',
      component: () => import('./pages/PeriodsPage.vue'),
      meta: { title: { zh: '周期与封存', en: 'Periods and closing' }, page: 'P56', may },
    },
    {
      path: '/periods/:id/close',
      component: () => import('./pages/ClosePage.vue'),
      meta: { title: { zh: '封存向导', en: 'Closing a period' }, page: 'P57', may, above: '/periods' },
    },
  ],
  menu: [{ path: '/periods', group: 'office', order: 30, icon: Calendar }],
})
