package demo

// No district, town or agency of these names exists; what departments do is
// what departments do everywhere.
const districtName = "澜汀区"

// load is how many applications a unit gets in a usual year.
type load struct{ low, high float64 }

var (
	rare   = load{0, 1.2}
	little = load{0.5, 4}
	some   = load{4, 14}
	many   = load{18, 45}
	office = load{35, 80}
)

// Groups in which units are compared (考核分组).
const (
	groupEnforcement = "执法监管部门"
	groupOther       = "综合服务部门"
	groupLocality    = "镇街"
)

// department is one line of a district's list of departments.
type department struct {
	name, short, field string // field is what applications ask about
	group              string
	load               load
	documents          int   // 行政规范性文件 in force
	licenses           int64 // decisions a year
	penalties          int64
	coercions          int64
	fee                int64 // 1/10000 of 万元
}

var departments = []department{
	{"自然资源局", "自然资源局", "征收补偿和规划许可", groupEnforcement, many, 6, 420, 35, 2, 21_350_000},
	{"住房和城乡建设局", "住建局", "房屋征收和物业管理", groupEnforcement, many, 9, 560, 120, 0, 3_204_500},
	{"教育局", "教育局", "义务教育招生和民办学校", groupOther, some, 5, 64, 3, 0, 8_800_000},
	{"人力资源和社会保障局", "人社局", "就业补贴和劳动监察", groupEnforcement, some, 4, 230, 28, 1, 0},
	{"城市管理局", "城管局", "违法建设查处和市容管理", groupEnforcement, some, 3, 880, 2600, 64, 1_260_000},
	{"市场监督管理局", "市监局", "食品抽检和投诉处理", groupEnforcement, some, 5, 9100, 640, 22, 0},
	{"农业农村局", "农业农村局", "土地流转和惠农补贴", groupOther, some, 7, 95, 41, 0, 0},
	{"发展和改革局", "发改局", "项目审批和价格监测", groupOther, little, 6, 310, 0, 0, 0},
	{"财政局", "财政局", "预算决算和专项资金", groupOther, little, 8, 22, 0, 0, 0},
	{"民政局", "民政局", "社会救助和养老服务", groupOther, little, 6, 140, 2, 0, 0},
	{"生态环境分局", "环境分局", "环境影响评价和污染处罚", groupEnforcement, little, 0, 58, 77, 9, 0},
	{"交通运输局", "交通局", "道路建设和客运管理", groupEnforcement, little, 4, 640, 510, 30, 0},
	{"卫生健康局", "卫健局", "医疗机构和生育服务", groupEnforcement, little, 3, 720, 96, 0, 1_120_000},
	{"应急管理局", "应急局", "安全生产和灾害救助", groupEnforcement, little, 4, 88, 64, 3, 0},
	{"行政审批局", "审批局", "企业登记和办事指南", groupOther, little, 2, 5200, 0, 0, 0},
	{"审计局", "审计局", "审计结果", groupOther, rare, 1, 0, 0, 0, 0},
	{"司法局", "司法局", "行政执法监督和公证", groupOther, little, 3, 16, 0, 0, 0},
	{"文化旅游局", "文旅局", "文物保护和公共文化", groupOther, little, 2, 130, 12, 0, 0},
	{"水务局", "水务局", "河道治理和供水排水", groupEnforcement, little, 3, 74, 19, 1, 640_000},
	{"商务局", "商务局", "消费促进和市场体系", groupOther, rare, 2, 31, 0, 0, 0},
	{"统计局", "统计局", "统计公报和普查", groupOther, rare, 0, 0, 4, 0, 0},
	{"科技局", "科技局", "科技项目和企业认定", groupOther, rare, 2, 0, 0, 0, 0},
	{"退役军人事务局", "退役军人局", "安置和优抚", groupOther, rare, 1, 0, 0, 0, 0},
	{"医疗保障局", "医保局", "参保缴费和定点管理", groupEnforcement, rare, 2, 0, 18, 0, 0},
	{"信访局", "信访局", "信访事项办理", groupOther, rare, 0, 0, 0, 0, 0},
	{"税务局", "税务局", "税收政策和涉税查询", groupEnforcement, little, 0, 1800, 260, 5, 0},
	{"体育局", "体育局", "全民健身设施", groupOther, rare, 0, 9, 0, 0, 0},
	{"乡村振兴局", "乡村振兴局", "帮扶项目和衔接资金", groupOther, rare, 0, 0, 0, 0, 0},
	{"机关事务管理中心", "机关事务中心", "公务用房和公务用车", groupOther, rare, 0, 0, 0, 0, 0},
	{"行政审批和数据局", "审批数据局", "企业登记和数据开放", groupOther, little, 2, 5200, 0, 0, 0},
	{"林业中心", "林业中心", "林权和野生动物保护", groupOther, rare, 1, 42, 6, 0, 0},
	{"园区管理委员会", "园区管委会", "招商项目和园区建设", groupOther, little, 3, 12, 0, 0, 0},
	{"地方金融服务中心", "金融服务中心", "金融风险提示", groupOther, rare, 0, 0, 0, 0, 0},
	{"残疾人联合会", "残联", "残疾人补贴", groupOther, rare, 0, 0, 0, 0, 0},
	{"公共资源交易中心", "交易中心", "招标采购信息", groupOther, rare, 0, 0, 0, 0, 0},
	{"档案馆", "档案馆", "档案开放和查阅", groupOther, rare, 0, 0, 0, 0, 0},
	{"供销合作社", "供销社", "农资供应", groupOther, rare, 0, 0, 0, 0, 0},
	{"城市更新中心", "更新中心", "旧区改造和安置", groupOther, little, 1, 0, 0, 0, 0},
	{"消防救援大队", "消防大队", "消防检查和火灾认定", groupEnforcement, little, 0, 210, 130, 14, 0},
	{"气象服务中心", "气象中心", "气象资料", groupOther, rare, 0, 14, 0, 0, 0},
}

// What happens to some departments, by name.
const (
	renamedFrom = "行政审批局" // becomes renamedTo three years before the end
	renamedTo   = "行政审批和数据局"
	mergedAway  = "乡村振兴局" // goes into mergedInto two years before the end
	mergedInto  = "农业农村局"
	uncounted   = "税务局" // 垂管: not in the district's sum
	printsOne   = "司法局" // prints (六) as one row
	regrouped   = "水务局" // changes its 考核分组
	frozen      = "体育局" // reports the same figures three years running
	leavesBlank = "审计局" // leaves columns blank in one year
)

// Towns and streets are a first and a second character and a kind.
var (
	localityFirst  = []rune("澜棠筠岚麦槐苇桐蘅澄")
	localitySecond = []rune("砚垄渚畹岑汀坞垣")
)

// localityName is the i-th of 80 names.
func localityName(i int) (name string, town bool) {
	first := localityFirst[i%len(localityFirst)]
	second := localitySecond[(i/len(localityFirst)+3*i)%len(localitySecond)]
	town = i%3 != 1
	if town {
		return string([]rune{first, second}) + "镇", true
	}
	return string([]rune{first, second}) + "街道", false
}
