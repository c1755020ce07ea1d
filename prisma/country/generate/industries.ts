import type { LicenseTypeKey } from './license-types.ts';
import { cumulate } from './random.ts';

/** A line of business: its GB/T 4754 code, the words its firms bear, what they do, which permits they need. */
export type Industry = Readonly<{
  code: string;
  words: readonly string[];
  scope: string;
  permits: readonly LicenseTypeKey[];
  weight: number;
}>;

const trade = (code: string, weight: number, words: string, scope: string, ...permits: LicenseTypeKey[]): Industry => ({
  code,
  words: words.split(' '),
  scope,
  permits,
  weight,
});

/** Individual businesses: 54% trade and 9.5% catering and lodging, as the economic census found. */
export const shopIndustries = [
  trade('F5212', 13, '便利店 超市 百货商店 综合商店', '食品销售；日用百货销售；烟草制品零售。', 'foodTrade', 'tobacco'),
  trade('F5225', 6, '烟酒店 副食店 粮油店', '预包装食品销售；酒类经营；烟草制品零售。', 'foodTrade', 'tobacco'),
  trade('F5232', 9, '服装店 鞋店 童装店', '服装服饰零售；鞋帽零售；针纺织品销售。'),
  trade('F5274', 5, '手机店 通讯店 电器店', '通讯设备销售；家用电器销售；移动终端设备销售。'),
  trade('F5281', 7, '五金店 建材店 水暖店', '五金产品零售；建筑材料销售；卫生洁具销售。'),
  trade('F5251', 3, '药店 大药房', '药品零售；第二类医疗器械销售；保健食品销售。', 'medicineTrade'),
  trade('F5166', 4, '农资店 种子化肥店', '化肥销售；农作物种子经营；农药零售。', 'seeds'),
  trade('F5123', 7, '果蔬店 鲜肉店 水果批发部', '新鲜水果零售；新鲜蔬菜零售；鲜肉零售。'),
  trade('H6220', 6, '牛肉面馆 面馆 小吃店 早餐店', '餐饮服务；小餐饮。', 'foodTrade'),
  trade('H6210', 3, '饭馆 火锅店 农家乐 手抓羊肉馆', '餐饮服务；食品销售。', 'foodTrade'),
  trade('H6140', 1, '宾馆 招待所 客栈', '住宿服务。', 'publicPlace'),
  trade('G5430', 10, '货运部 运输户', '道路货物运输（不含危险货物）。', 'roadTransport'),
  trade('O8051', 8, '理发店 美容美发店', '理发服务；生活美容服务。', 'publicPlace'),
  trade('O8111', 6, '汽车维修部 修理厂', '机动车修理和维护；摩托车及零配件零售。'),
  trade('C1351', 3, '牛羊肉加工部 面粉加工厂 粉条加工坊', '农副产品加工；食品生产。', 'foodMaking'),
  trade('R9010', 1, '歌厅 网吧', '歌舞娱乐活动。', 'entertainment'),
  trade('O8090', 8, '洗衣店 照相馆 家政服务部', '洗染服务；摄影服务；家政服务。'),
] as const;

export const firmIndustries = [
  trade('F5122', 14, '商贸 贸易 供应链', '食品销售；农副产品销售；日用百货批发。', 'foodTrade'),
  trade('F5164', 9, '建材 物资', '建筑材料销售；金属材料销售；机械设备销售。'),
  trade('F5162', 2, '石油 能源 燃气', '成品油零售；危险化学品经营。', 'dangerousGoods'),
  trade('E4710', 9, '建筑工程 建设工程 建筑安装', '房屋建筑施工；建设工程设计。', 'building', 'safety'),
  trade('E5010', 5, '装饰工程 园林绿化', '建筑装饰装修；园林绿化工程施工。', 'building'),
  trade('A0141', 7, '农业科技 种植 农业开发', '蔬菜种植；中草药种植；农业技术推广服务。'),
  trade('A0323', 4, '养殖 牧业', '牲畜饲养；家禽饲养；饲料销售。'),
  trade('C1371', 4, '食品 农产品加工', '蔬菜加工；食品生产；食品销售。', 'foodMaking', 'foodTrade'),
  trade('C3021', 3, '水泥制品 新型材料', '水泥制品制造；砼结构构件制造。', 'pollution'),
  trade('C2740', 1, '药业 中药材', '中药饮片加工；地产中草药购销。', 'pollution'),
  trade('D4415', 2, '新能源 光伏发电', '太阳能发电；发电技术服务。'),
  trade('G5430', 7, '物流 运输', '道路货物运输；国内货物运输代理；仓储服务。', 'roadTransport'),
  trade('H6110', 3, '酒店管理 餐饮管理', '住宿服务；餐饮服务。', 'publicPlace', 'foodTrade'),
  trade('I6513', 6, '信息技术 网络科技 软件', '软件开发；信息系统集成服务；技术服务。'),
  trade('K7010', 2, '房地产开发 置业', '房地产开发经营；非居住房地产租赁。'),
  trade('L7212', 7, '企业管理 咨询 人力资源', '企业管理咨询；社会经济咨询服务；劳务服务。'),
  trade('M7481', 4, '工程咨询 检测', '工程管理服务；规划设计管理；检验检测服务。'),
  trade('R8890', 3, '文化传媒 旅游', '组织文化艺术交流活动；广告设计、代理；旅游开发项目策划咨询。'),
] as const;

export const coopIndustries = [
  trade('A0119', 4, '种植 马铃薯种植 玉米种植', '谷物种植；薯类种植；农产品的生产、销售、加工。'),
  trade('A0171', 3, '中药材种植 黄芪种植 当归种植', '中草药种植；中草药收购；初级农产品收购。'),
  trade('A0314', 4, '养殖 肉羊养殖 肉牛养殖', '牲畜饲养；饲料原料销售；畜禽收购。'),
  trade('A0151', 2, '苹果种植 花椒种植 林果', '水果种植；坚果种植；鲜果销售。'),
] as const;

export const weightsOf = (industries: readonly Industry[]): number[] => cumulate(industries.map(({ weight }) => weight));
