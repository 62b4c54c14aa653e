import { createRouter, createWebHistory } from 'vue-router'

import { said, t } from '@/i18n'

import ErrorPage from './ErrorPage.vue'
import { modules } from './modules'
import { useSession } from './session'

export const router = createRouter({
  history: createWebHistory(),
  routes: [
    ...modules.flatMap((module) => module.routes),
    {
      path: '/:rest(.*)*',
      component: ErrorPage,
      props: { kind: 'notFound' },
      meta: { title: { zh: '没有这个页面', en: 'No such page' }, page: 'P10' },
    },
  ],
  scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
})

/** Who has just come and asked for nothing else begins where their work is. */
function landing(me: ReturnType<typeof useSession>): string | undefined {
  return router.getRoutes().find((one) => one.meta.lands?.(me))?.path
}

router.beforeEach(async (to, from) => {
  const me = useSession()
  await me.begin()
  if (to.meta.bare) return true
  if (!me.who) return { path: '/login', query: to.fullPath === '/' ? {} : { to: to.fullPath } }
  if (me.mustChangePassword && to.path !== '/welcome') return { path: '/welcome' }
  const begins = to.path === '/' && (from.path === '/login' || !from.matched.length)
  return (begins && landing(me)) || true
})

router.afterEach((to) => {
  document.title = `${said(to.meta.title)} · ${t('app.name')}`
})

// A chunk that is not there any more: a new version has been installed meanwhile.
router.onError((error: Error, to) => {
  if (/dynamically imported module|Importing a module script failed/.test(error.message)) location.assign(to.fullPath)
})
