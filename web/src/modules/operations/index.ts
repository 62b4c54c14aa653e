import { Cpu, SetUp } from '@element-plus/icons-vue'

import { defineModule, type Me } from '@/app/module'

const may = (me: Me) => me.may('audit:operate')

export default defineModule({
  routes: [
    {
      path: '/admin/system',
      component: () => import('./pages/SystemPage.vue'),
      meta: { title: { zh: '运行状态', en: 'System' }, page: 'P99', may },
    },
    {
      path: '/admin/jobs',
      component: () => import('./pages/JobsPage.vue'),
      meta: { title: { zh: '后台任务', en: 'Background work' }, page: 'P98', may },
    },
  ],
  menu: [
    { path: '/admin/jobs', group: 'admin', order: 80, icon: SetUp },
    { path: '/admin/system', group: 'admin', order: 90, icon: Cpu },
  ],
})
