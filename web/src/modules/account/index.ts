import { User } from '@element-plus/icons-vue'

import { defineModule } from '@/app/module'

export default defineModule({
  routes: [
    {
      path: '/me',
      component: () => import('./pages/AccountPage.vue'),
      meta: { title: { zh: '个人中心', en: 'My account' }, page: 'P07' },
    },
  ],
  menu: [{ path: '/me', group: 'home', order: 90, icon: User }],
})
