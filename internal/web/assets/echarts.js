// The parts of ECharts that the pages draw with; see dashboards/.
export { init, getInstanceByDom } from 'echarts/core';
import { use, registerLocale } from 'echarts/core';
import { BarChart, HeatmapChart, LineChart } from 'echarts/charts';
import { AriaComponent, GridComponent, LegendComponent, MarkLineComponent, MarkPointComponent, TooltipComponent, VisualMapComponent } from 'echarts/components';
import { SVGRenderer } from 'echarts/renderers';
import zh from 'echarts/lib/i18n/langZH.js';

use([BarChart, HeatmapChart, LineChart, AriaComponent, GridComponent, LegendComponent, MarkLineComponent, MarkPointComponent, TooltipComponent,
  VisualMapComponent, SVGRenderer]);
registerLocale('ZH', zh);
