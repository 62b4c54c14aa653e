import { House } from '@element-plus/icons-vue'

import { defineModule } from '@/app/module'

export default defineModule({
  routes: [
    {
      path: '/',
      component: () => import('./pages/WorkbenchPage.vue'),
      meta: { title: { zh: '工作台', en: 'Workbench' }, page: 'P03' },
    },
  ],
  menu: [{ path: '/', group: 'home', order: 10, icon: House }],
})
