import './design/tokens.css'
import './design/element.css'
import './design/print.css'

import { MutationCache, QueryCache, QueryClient, VueQueryPlugin } from '@tanstack/vue-query'
import { createPinia } from 'pinia'
import { createApp } from 'vue'

import App from './App.vue'
import { asProblem } from './api'
import { router } from './app/router'
import { i18n } from './i18n'
import { report } from './ui/states/report'

declare const __LEGACY__: boolean
declare global {
  interface Window {
    /** Set by boot.js in browsers that get the pages made for them. */
    kaoheOld?: boolean
  }
}

const TRIES = 2

async function start(): Promise<void> {
  if (__LEGACY__) await import('core-js/stable')
  const queries = new QueryClient({
    queryCache: new QueryCache(),
    mutationCache: new MutationCache({
      // A form that shows the problem at its fields says so; everything else is told here.
      onError: (error, _variables, _result, mutation) => {
        if (!mutation.meta?.told) report(error)
      },
    }),
    defaultOptions: {
      // What cannot be sent is told at once and kept by the page; nothing waits unseen for a network.
      mutations: { networkMode: 'always' },
      queries: {
        networkMode: 'always',
        staleTime: 10_000,
        retry: (count, error) => asProblem(error).passing && count < TRIES,
        retryDelay: 800,
      },
    },
  })
  const app = createApp(App)
  app.use(createPinia()).use(router).use(i18n).use(VueQueryPlugin, { queryClient: queries })
  app.config.errorHandler = (error) => report(error)
  await router.isReady()
  app.mount('#app')
}

if (__LEGACY__ || !window.kaoheOld) void start()
