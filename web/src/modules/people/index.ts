import { OfficeBuilding, Switch, User } from '@element-plus/icons-vue'

import { defineModule, type Me } from '@/app/module'

const may = (me: Me) => me.may('org:roster')

export default defineModule({
  routes: [
    {
      path: '/admin/orgs',
      component: () => import('./pages/OrgsPage.vue'),
      meta: { title: { zh: '机构管理', en: 'Organisation' }, page: 'P90', may },
    },
    {
      path: '/admin/users',
      component: () => import('./pages/UsersPage.vue'),
      meta: { title: { zh: '人员管理', en: 'People' }, page: 'P91', may },
    },
    {
      path: '/admin/transfers',
      component: () => import('./pages/TransfersPage.vue'),
      meta: { title: { zh: '人员变动', en: 'Personnel changes' }, page: 'P93', may },
    },
  ],
  menu: [
    { path: '/admin/orgs', group: 'admin', order: 10, icon: OfficeBuilding },
    { path: '/admin/users', group: 'admin', order: 20, icon: User },
    { path: '/admin/transfers', group: 'admin', order: 25, icon: Switch },
  ],
})
