import { Document, Histogram, OfficeBuilding, Share } from '@element-plus/icons-vue'

import { defineModule, type Me } from '@/app/module'

const leads = (me: Me) => me.is('unit_leader', 'chief')
const splits = (me: Me) => me.is('unit_leader') && me.may('targets:cascade')

export default defineModule({
  routes: [
    {
      path: '/unit',
      component: () => import('./pages/UnitPage.vue'),
      meta: { title: { zh: '本单位概览', en: 'My unit' }, page: 'P21', may: leads },
    },
    {
      path: '/unit/cascade',
      component: () => import('./pages/CascadePage.vue'),
      meta: { title: { zh: '任务分解', en: 'Split targets' }, page: 'P22', may: splits },
    },
    {
      path: '/unit/submissions',
      component: () => import('./pages/UnitSubmissionsPage.vue'),
      meta: { title: { zh: '本单位提交', en: 'Submissions of my unit' }, page: 'P23', may: leads },
    },
    {
      path: '/unit/people',
      component: () => import('./pages/PeoplePage.vue'),
      meta: { title: { zh: '人员得分', en: 'Scores of my people' }, page: 'P24', may: leads },
    },
  ],
  menu: [
    { path: '/unit', group: 'unit', order: 10, icon: OfficeBuilding },
    { path: '/unit/cascade', group: 'unit', order: 20, icon: Share },
    { path: '/unit/submissions', group: 'unit', order: 30, icon: Document },
    { path: '/unit/people', group: 'unit', order: 40, icon: Histogram },
  ],
})
