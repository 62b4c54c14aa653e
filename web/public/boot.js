/* Runs in any browser, before anything else: old ones get the pages made for them, or are told what to use. */
;(function () {
  var script = document.createElement('script')
  var modules = 'noModule' in script
  var current = modules && typeof WeakRef !== 'undefined'
  if (current) return
  window.kaoheOld = true
  // Chrome 69 and 70 have no such name, and libraries ask for it before any of our own code runs.
  if (typeof globalThis === 'undefined') window.globalThis = window
  if (!modules || !window.CSS || !CSS.supports('display', 'grid')) {
    location.replace('/unsupported.html')
    return
  }
  var request = new XMLHttpRequest()
  request.open('GET', '/legacy/entry.json')
  request.onload = function () {
    if (request.status !== 200) return location.replace('/unsupported.html')
    var made = JSON.parse(request.responseText)
    made.styles.forEach(function (href) {
      var link = document.createElement('link')
      link.rel = 'stylesheet'
      link.href = href
      document.head.appendChild(link)
    })
    script.type = 'module'
    script.src = made.entry
    document.head.appendChild(script)
  }
  request.send()
})()
