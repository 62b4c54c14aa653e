import { defineModule } from '@/app/module'

export default defineModule({
  routes: [
    {
      path: '/login',
      component: () => import('./pages/SignInPage.vue'),
      meta: { title: { zh: '登录', en: 'Sign in' }, page: 'P01', bare: true },
    },
    {
      path: '/welcome',
      component: () => import('./pages/WelcomePage.vue'),
      meta: { title: { zh: '首次登录', en: 'First sign-in' }, page: 'P02', bare: true },
    },
  ],
})
