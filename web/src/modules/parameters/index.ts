import { Lock, Operation } from '@element-plus/icons-vue'

import { defineModule, type Me } from '@/app/module'

const page = () => import('./pages/ParametersPage.vue')

export default defineModule({
  routes: [
    {
      path: '/admin/params',
      component: page,
      meta: {
        title: { zh: '系统参数', en: 'Parameters' },
        page: 'P95',
        may: (me: Me) => me.may('org:parameters_propose'),
      },
    },
    {
      path: '/security/params',
      component: page,
      meta: {
        title: { zh: '参数审批', en: 'Parameters' },
        page: 'P95',
        may: (me: Me) => me.may('org:parameters_approve'),
      },
    },
    {
      path: '/security/policies',
      component: () => import('./pages/PoliciesPage.vue'),
      meta: {
        title: { zh: '安全策略', en: 'Security policies' },
        page: 'P102',
        may: (me: Me) => me.may('org:parameters_approve'),
      },
    },
  ],
  menu: [
    { path: '/admin/params', group: 'admin', order: 50, icon: Operation },
    { path: '/security/params', group: 'security', order: 15, icon: Operation },
    { path: '/security/policies', group: 'security', order: 30, icon: Lock },
  ],
})
