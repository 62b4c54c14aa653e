// What is wrong with a page that can be measured. Runs in the page; gives sentences.
;({ wide }) => {
  const faults = []
  const shown = (one) => one.getClientRects().length > 0 && getComputedStyle(one).visibility !== 'hidden'
  const named = (one) => `${one.tagName.toLowerCase()}.${String(one.className).split(' ')[0]} «${one.textContent.trim().slice(0, 40)}»`
  if (document.documentElement.scrollWidth > innerWidth + 1) faults.push(`page is ${document.documentElement.scrollWidth} wide`)
  const main = document.querySelector('main')
  if (main && main.scrollWidth > main.clientWidth + 1) faults.push(`main is ${main.scrollWidth} wide in ${main.clientWidth}`)
  if (!wide)
    for (const one of document.querySelectorAll('.el-scrollbar__wrap, .el-table__body-wrapper'))
      if (shown(one) && one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).overflowX !== 'visible')
        faults.push(`table is ${one.scrollWidth} wide in ${one.clientWidth}: ${named(one)}`)
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const text = node.nodeValue.trim()
    const box = node.parentElement
    if (!text || !shown(box) || box.closest('script, style, code, pre, .visually-hidden, svg')) continue
    if (/^[a-z]+(\.[a-zA-Z0-9_]+)+$/.test(text) || /\b[a-z]+_[a-z]+(_[a-z]+)*\b/.test(text)) faults.push(`raw word «${text.slice(0, 60)}»`)
    for (let cut = box; cut && cut !== document.body; cut = cut.parentElement) {
      const style = getComputedStyle(cut)
      if (style.overflowX === 'visible' || style.display === 'inline') continue
      if (style.overflowX === 'hidden' && cut.clientWidth > 2 && !box.closest('[title], .el-select, .el-radio-button') && !cut.matches('[title]')) {
        const range = document.createRange()
        range.selectNodeContents(node)
        const over = range.getBoundingClientRect().right - cut.getBoundingClientRect().right
        if (over > 1.5) faults.push(`cut by ${Math.round(over)}px: ${named(box)}`)
      }
      break
    }
  }
  return [...new Set(faults)]
}
