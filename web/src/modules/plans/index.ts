import { Collection } from '@element-plus/icons-vue'

import { defineModule, type Me } from '@/app/module'

const may = (me: Me) => me.may('targets:scheme')

export default defineModule({
  routes: [
    {
      path: '/plans',
      component: () => import('./pages/PlansPage.vue'),
      meta: { title: { zh: '考核方案', en: 'Schemes' }, page: 'P50', may },
    },
    {
      path: '/plans/:id',
      component: () => import('./pages/PlanPage.vue'),
      meta: { title: { zh: '方案详情', en: 'Scheme' }, page: 'P51', may, above: '/plans' },
    },
    {
      path: '/plans/:id/import',
      component: () => import('./pages/IndicatorImportPage.vue'),
      meta: { title: { zh: '指标导入', en: 'Indicator import' }, page: 'P52', may, above: '/plans' },
    },
  ],
  menu: [{ path: '/plans', group: 'office', order: 10, icon: Collection }],
})
