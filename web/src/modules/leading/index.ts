import { DataBoard, Stamp } from '@element-plus/icons-vue'

import { defineModule, type Me } from '@/app/module'

const signs = (me: Me) =>
  me.may('reporting:sign') || me.may('scoring:seal') || me.may('scoring:confirm_award') || me.may('org:recusals_decide')

export default defineModule({
  routes: [
    {
      path: '/cockpit',
      component: () => import('./pages/CockpitPage.vue'),
      meta: {
        title: { zh: '驾驶舱', en: 'Cockpit' },
        page: 'P85',
        may: (me) => me.is('chief'),
        lands: (me) => me.is('chief') && !me.is('assessment_office'),
        full: true,
      },
    },
    {
      path: '/units/:id',
      component: () => import('./pages/UnitProfilePage.vue'),
      props: true,
      meta: {
        title: { zh: '单位画像', en: 'Unit profile' },
        page: 'P86',
        may: (me) => me.is('chief', 'assessment_office', 'unit_leader'),
        above: '/rankings',
      },
    },
    {
      path: '/approvals',
      component: () => import('./pages/ApprovalsPage.vue'),
      meta: { title: { zh: '签批', en: 'Approvals' }, page: 'P88', may: signs },
    },
  ],
  menu: [
    { path: '/cockpit', group: 'leading', order: 10, icon: DataBoard },
    { path: '/approvals', group: 'leading', order: 30, icon: Stamp },
  ],
})
