import { Notebook } from '@element-plus/icons-vue'

import { defineModule, type Me } from '@/app/module'

const reads = (me: Me) => me.may('reporting:read')

export default defineModule({
  routes: [
    {
      path: '/bulletins',
      component: () => import('./pages/BulletinsPage.vue'),
      meta: { title: { zh: '通报', en: 'Bulletins' }, page: 'P63', may: reads },
    },
    {
      path: '/bulletins/:id',
      component: () => import('./pages/BulletinPage.vue'),
      props: true,
      meta: { title: { zh: '通报', en: 'Bulletin' }, page: 'P63', may: reads, above: '/bulletins' },
    },
    {
      path: '/bulletins/:id/edit',
      component: () => import('./pages/BulletinEditPage.vue'),
      props: true,
      meta: {
        title: { zh: '编辑通报', en: 'Writing a bulletin' },
        page: 'P64',
        may: (me) => me.may('reporting:bulletin'),
        above: '/bulletins',
      },
    },
  ],
  menu: [{ path: '/bulletins', group: 'results', order: 40, icon: Notebook }],
})
