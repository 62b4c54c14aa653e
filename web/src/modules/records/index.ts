import { Postcard } from '@element-plus/icons-vue'

import { defineModule } from '@/app/module'

export default defineModule({
  routes: [
    {
      path: '/my/record',
      component: () => import('./pages/RecordPage.vue'),
      meta: {
        title: { zh: '我的考核档案', en: 'My record' },
        page: 'P20',
        may: (me) => Boolean(me.who?.officer_id) && me.may('reporting:read'),
      },
    },
    {
      path: '/people/:id/record',
      component: () => import('./pages/RecordPage.vue'),
      props: true,
      meta: {
        title: { zh: '民警考核档案', en: 'Record of an officer' },
        page: 'P87',
        may: (me) => me.may('reporting:read'),
        above: '/rankings',
      },
    },
  ],
  menu: [{ path: '/my/record', group: 'mine', order: 35, icon: Postcard }],
})
