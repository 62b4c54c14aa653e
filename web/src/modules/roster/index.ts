import { UploadFilled } from '@element-plus/icons-vue'

import { defineModule, type Me } from '@/app/module'

const may = (me: Me) => me.may('org:roster')

export default defineModule({
  routes: [
    {
      path: '/admin/roster-import',
      component: () => import('./pages/RosterImportsPage.vue'),
      meta: { title: { zh: '警力名单导入', en: 'Roster import' }, page: 'P92', may },
    },
    {
      path: '/admin/roster-import/:id',
      component: () => import('./pages/RosterImportPage.vue'),
      meta: { title: { zh: '导入花名册', en: 'A roster import' }, page: 'P92', may, above: '/admin/roster-import' },
    },
  ],
  menu: [{ path: '/admin/roster-import', group: 'admin', order: 30, icon: UploadFilled }],
})
