import { Files, ScaleToOriginal } from '@element-plus/icons-vue'

import { defineModule, type Me } from '@/app/module'

const may = (me: Me) => Boolean(me.who?.officer_id) && me.may('submissions:appeal')
const decides = (me: Me) => me.may('submissions:decide_appeals')

export default defineModule({
  routes: [
    {
      path: '/my/appeals',
      component: () => import('./pages/MyAppealsPage.vue'),
      meta: { title: { zh: '我的复议', en: 'My appeals' }, page: 'P17', may },
    },
    {
      path: '/my/appeals/new',
      component: () => import('./pages/FileAppealPage.vue'),
      meta: { title: { zh: '提出复议', en: 'File an appeal' }, page: 'P18', may, above: '/my/appeals' },
    },
    {
      path: '/appeals',
      component: () => import('./pages/AppealQueuePage.vue'),
      meta: { title: { zh: '复议受理', en: 'Appeals' }, page: 'P80', may: decides },
    },
    {
      path: '/appeals/points/:id',
      component: () => import('./pages/PointAppealPage.vue'),
      props: true,
      meta: {
        title: { zh: '得分复议案卷', en: 'Appeal against points' },
        page: 'P81',
        may: (me) => me.may('scoring:read'),
        above: '/appeals',
      },
    },
    {
      path: '/appeals/:id',
      component: () => import('./pages/AppealPage.vue'),
      props: true,
      meta: {
        title: { zh: '裁决案卷', en: 'Appeal file' },
        page: 'P81',
        may: (me) => me.may('submissions:read'),
        above: '/appeals',
      },
    },
  ],
  menu: [
    { path: '/my/appeals', group: 'mine', order: 40, icon: ScaleToOriginal },
    { path: '/appeals', group: 'appeals', order: 10, icon: Files },
  ],
})
