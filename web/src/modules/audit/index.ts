import { Connection, DataAnalysis, Document, Histogram } from '@element-plus/icons-vue'

import { defineModule, type Me } from '@/app/module'

const may = (me: Me) => me.may('audit:read')

export default defineModule({
  routes: [
    {
      path: '/audit',
      component: () => import('./pages/OverviewPage.vue'),
      meta: { title: { zh: '审计总览', en: 'Audit overview' }, page: 'P110', may },
    },
    {
      path: '/audit/logs',
      component: () => import('./pages/LogsPage.vue'),
      meta: { title: { zh: '操作日志', en: 'Audit log' }, page: 'P111', may },
    },
    {
      path: '/audit/scores',
      component: () => import('./pages/ScoresPage.vue'),
      meta: { title: { zh: '打分轨迹', en: 'Scores traced' }, page: 'P112', may },
    },
    {
      path: '/audit/integrity',
      component: () => import('./pages/IntegrityPage.vue'),
      meta: { title: { zh: '完整性校验', en: 'Integrity' }, page: 'P113', may },
    },
  ],
  menu: [
    { path: '/audit', group: 'audit', order: 10, icon: DataAnalysis },
    { path: '/audit/logs', group: 'audit', order: 20, icon: Document },
    { path: '/audit/scores', group: 'audit', order: 30, icon: Histogram },
    { path: '/audit/integrity', group: 'audit', order: 40, icon: Connection },
  ],
})
