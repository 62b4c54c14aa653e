import { ChatLineSquare, CircleCheck, Finished } from '@element-plus/icons-vue'

import { defineModule, type Me } from '@/app/module'

const may = (me: Me) => me.may('submissions:review')

export default defineModule({
  routes: [
    {
      path: '/review',
      component: () => import('./pages/QueuePage.vue'),
      meta: { title: { zh: '审核队列', en: 'Review queue' }, page: 'P40', may, full: true },
    },
    {
      path: '/review/done',
      component: () => import('./pages/DonePage.vue'),
      meta: { title: { zh: '已审', en: 'Reviewed' }, page: 'P42', may },
    },
    {
      path: '/review/phrases',
      component: () => import('./pages/PhrasesPage.vue'),
      meta: { title: { zh: '常用意见', en: 'Phrases' }, page: 'P43', may },
    },
    {
      path: '/review/:id',
      component: () => import('./pages/SinglePage.vue'),
      props: true,
      meta: { title: { zh: '单件审核', en: 'Review one' }, page: 'P41', may, above: '/review' },
    },
  ],
  menu: [
    { path: '/review', group: 'review', order: 10, icon: Finished },
    { path: '/review/done', group: 'review', order: 20, icon: CircleCheck },
    { path: '/review/phrases', group: 'review', order: 30, icon: ChatLineSquare },
  ],
})
