import { Bell, Message } from '@element-plus/icons-vue'

import { defineModule, type Me } from '@/app/module'

const may = (me: Me) => me.may('reporting:inbox')

export default defineModule({
  routes: [
    {
      path: '/todo',
      component: () => import('./pages/TodoPage.vue'),
      meta: { title: { zh: '待办中心', en: 'To-dos' }, page: 'P04', may },
    },
    {
      path: '/messages',
      component: () => import('./pages/MessagesPage.vue'),
      meta: { title: { zh: '消息中心', en: 'Messages' }, page: 'P05', may },
    },
  ],
  menu: [
    { path: '/todo', group: 'home', order: 20, icon: Bell },
    { path: '/messages', group: 'home', order: 30, icon: Message },
  ],
})
