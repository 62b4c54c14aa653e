import { Document } from '@element-plus/icons-vue'

import { defineModule, type Me } from '@/app/module'

const may = (me: Me) => Boolean(me.who?.officer_id) && me.may('submissions:submit')

export default defineModule({
  routes: [
    {
      path: '/my/submissions',
      component: () => import('./pages/MySubmissionsPage.vue'),
      meta: { title: { zh: '我的提交', en: 'My submissions' }, page: 'P14', may },
    },
    {
      path: '/my/submissions/new',
      component: () => import('./pages/SubmitPage.vue'),
      meta: { title: { zh: '提交工作', en: 'Submit work' }, page: 'P13', may, above: '/my/submissions' },
    },
    {
      path: '/submissions/:id',
      component: () => import('./pages/SubmissionPage.vue'),
      props: true,
      meta: {
        title: { zh: '提交详情', en: 'Submission' },
        page: 'P15',
        may: (me) => me.may('submissions:read'),
        above: '/my/submissions',
      },
    },
  ],
  menu: [{ path: '/my/submissions', group: 'mine', order: 20, icon: Document }],
})
