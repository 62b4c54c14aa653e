import { Grid, Key, Monitor } from '@element-plus/icons-vue'

import { defineModule, type Me } from '@/app/module'

export default defineModule({
  routes: [
    {
      path: '/security/grants',
      component: () => import('./pages/GrantsPage.vue'),
      meta: { title: { zh: '授权审批', en: 'Grants' }, page: 'P100', may: (me: Me) => me.may('org:grants_read') },
    },
    {
      path: '/security/roles',
      component: () => import('./pages/RolesPage.vue'),
      meta: { title: { zh: '角色权限', en: 'Roles' }, page: 'P101', may: (me: Me) => me.may('org:grants_read') },
    },
    {
      path: '/security/sessions',
      component: () => import('./pages/SessionsPage.vue'),
      meta: { title: { zh: '在线会话', en: 'Sessions' }, page: 'P103', may: (me: Me) => me.may('org:sessions_read') },
    },
  ],
  menu: [
    { path: '/security/grants', group: 'security', order: 10, icon: Key },
    { path: '/security/roles', group: 'security', order: 20, icon: Grid },
    { path: '/security/sessions', group: 'security', order: 40, icon: Monitor },
  ],
})
