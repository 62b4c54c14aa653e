/** Whether the page is shown on a phone; one answer for the whole program. */
import { ref, readonly } from 'vue'

const query = globalThis.matchMedia?.('(max-width: 767px)')
const onPhone = ref(query?.matches ?? false)
if (query) query.onchange = () => (onPhone.value = query.matches)

export const phone = readonly(onPhone)
