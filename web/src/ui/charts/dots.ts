/** Dots on lines by name: one's own figure filled, that of the peers hollow; grey where there are too few cases to compare. */
import type { EChartsCoreOption } from 'echarts/core'

export interface Dot {
  name: string
  own: number | null
  peers: number | null
  small: boolean
  shown: string
}

const ROW = 34
const FRAME = 64
const NAME_PX = 150
const FULL = '#1b4b91'
const FEW = '#8792a5'

export const dotsHeight = (dots: readonly Dot[]) => dots.length * ROW + FRAME

export function dotsOption(dots: readonly Dot[], own: string, peers: string, max?: number): EChartsCoreOption {
  return {
    animation: false,
    aria: { enabled: true },
    grid: { left: 8, right: 64, top: 28, bottom: 4, containLabel: true },
    legend: { top: 0, right: 0, itemHeight: 8, textStyle: { color: '#4a5568' } },
    xAxis: {
      type: 'value',
      min: 0,
      ...(max ? { max, interval: max / 4 } : { splitNumber: 4 }),
      axisLabel: { color: '#5f6b82' },
      splitLine: { lineStyle: { color: '#e9edf3' } },
    },
    yAxis: {
      type: 'category',
      inverse: true,
      data: dots.map((one) => one.name),
      axisTick: { show: false },
      axisLine: { lineStyle: { color: '#c8d0dc' } },
      splitLine: { show: true, lineStyle: { color: '#e9edf3' } },
      axisLabel: { color: '#1c2433', width: NAME_PX, overflow: 'truncate', fontSize: 13 },
    },
    series: [
      {
        type: 'scatter',
        name: peers,
        symbolSize: 11,
        itemStyle: { color: '#ffffff', borderColor: '#8a5200', borderWidth: 2 },
        data: dots.map((one) => one.peers ?? '-'),
      },
      {
        type: 'scatter',
        name: own,
        symbolSize: 12,
        color: FULL,
        data: dots.map((one) => ({ value: one.own ?? '-', itemStyle: { color: one.small ? FEW : FULL } })),
        label: {
          show: true,
          position: 'right',
          color: '#1c2433',
          formatter: ({ dataIndex }: { dataIndex: number }) => dots[dataIndex]?.shown ?? '',
        },
      },
    ],
  }
}
