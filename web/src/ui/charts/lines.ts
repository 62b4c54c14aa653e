/** Lines over time: the subject in full, what it is compared with dashed. A gap is a month without a figure. */
import type { EChartsCoreOption } from 'echarts/core'

export interface Line {
  name: string
  values: (number | null)[]
  dashed?: boolean
  colour?: string
}

const INK = '#1b4b91'
const PALE = '#8a5200'

export function linesOption(months: readonly string[], lines: readonly Line[]): EChartsCoreOption {
  return {
    animation: false,
    aria: { enabled: true },
    grid: { left: 8, right: 16, top: 28, bottom: 4, containLabel: true },
    legend: { show: lines.length > 1, top: 0, right: 0, itemHeight: 8, textStyle: { color: '#4a5568' } },
    tooltip: { trigger: 'axis' },
    xAxis: {
      type: 'category',
      data: months,
      boundaryGap: months.length < 3,
      axisTick: { show: false },
      axisLine: { lineStyle: { color: '#c8d0dc' } },
      axisLabel: { color: '#4a5568' },
    },
    yAxis: {
      type: 'value',
      min: 0,
      splitNumber: 3,
      axisLabel: { color: '#5f6b82' },
      splitLine: { lineStyle: { color: '#e9edf3' } },
    },
    series: lines.map((line) => ({
      type: 'line',
      name: line.name,
      data: line.values,
      symbolSize: 6,
      lineStyle: { width: 2, type: line.dashed ? 'dashed' : 'solid' },
      itemStyle: { color: line.colour ?? (line.dashed ? PALE : INK) },
    })),
  }
}
