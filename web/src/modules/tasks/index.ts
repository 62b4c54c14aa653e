import { List } from '@element-plus/icons-vue'

import { defineModule, type Me } from '@/app/module'

const may = (me: Me) => Boolean(me.who?.officer_id) && me.may('submissions:submit')

export default defineModule({
  routes: [
    {
      path: '/my/tasks',
      component: () => import('./pages/TasksPage.vue'),
      meta: { title: { zh: '我的任务', en: 'My tasks' }, page: 'P11', may },
    },
    {
      path: '/my/tasks/:id',
      component: () => import('./pages/TaskPage.vue'),
      props: true,
      meta: { title: { zh: '任务详情', en: 'Task' }, page: 'P12', may, above: '/my/tasks' },
    },
  ],
  menu: [{ path: '/my/tasks', group: 'mine', order: 10, icon: List }],
})
