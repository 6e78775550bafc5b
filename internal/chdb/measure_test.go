package chdb
import ("testing";"time";"fmt";"os";"strings")
func TestMeasure(t *testing.T){
 p,_:=LibraryPath("")
 t0:=time.Now(); if err:=loadLibrary(p);err!=nil{t.Fatal(err)}
 fmt.Println("load",time.Since(t0))
 dir:=os.Getenv("D"); args:=[]string{"--max_server_memory_usage=2000000000","--mark_cache_size=67108864"}
 if dir!=""{args=append(args,"--path="+dir)}
 t0=time.Now(); k,err:=connect(args); fmt.Println("boot",time.Since(t0),err); if err!=nil{return}
 defer k.close()
 t0=time.Now(); for i:=0;i<100;i++{c,err:=connect(args); if err!=nil{t.Fatal(err)}; c.close()}
 fmt.Println("connect+close",time.Since(t0)/100)
 bench:=func(n string,f func()error){ f(); t0:=time.Now(); var e error; for i:=0;i<300;i++{ if err:=f();err!=nil{e=err}}; fmt.Println(n,time.Since(t0)/300,e)}
 bench("select1",func()error{_,err:=k.execute("SELECT {x:UInt8}","Native",map[string]string{"x":"1"});return err})
 bench("stream1",func()error{s,err:=k.stream("SELECT {x:UInt8}","Native",map[string]string{"x":"1"});if err!=nil{return err}; for{ if _,err:=s.next();err!=nil{break}};s.close();return nil})
 bench("set",func()error{_,err:=k.execute("SET log_comment='x', max_execution_time=3","Native",nil);return err})
 bench("setdefault",func()error{_,err:=k.execute("SET log_comment=DEFAULT","Native",nil);return err})
 bench("classify",func()error{_,err:=k.classify("SELECT 1; SELECT 2");return err})
 show:=func(q string){o,err:=k.execute(q,"TSV",nil); fmt.Printf("%s -> %s %v\n",q,o,err)}
 show("SET SQL_conn='7'"); show("SET nonsuch=1"); show("SET max_threads='abc'"); show("SELECT Settings FROM system.processes"); show("SELECT name,value FROM system.server_settings WHERE changed"); show("SELECT path,name FROM system.disks"); show("SELECT nonsuch"); show("SELECT displayName(), version(), revision(), timezone(), serverTimezone()")
 show("USE nonsuch"); show("SELECT currentDatabase(), getSetting('async_insert'), getSetting('max_memory_usage')"); show("SELECT name,value FROM system.settings WHERE changed")
 a,_:=k.classify("SELECT 1; DROP TABLE x"); fmt.Println(a); a,_=k.classify("USE x"); fmt.Println(a); a,_=k.classify("CREATE TEMPORARY TABLE t (a Int8)"); fmt.Println(a)
 s,err:=k.stream("SELECT number FROM numbers(200000)","Native",nil); n:=0; for err==nil { var b []byte; b,err=s.next(); n++; fmt.Println(len(b),err)}; s.close()
 s,err=k.stream("SELECT 1 WHERE 0","Native",nil); b,err:=s.next(); fmt.Println("empty",len(b),err); s.close()
 o,err:=k.execute("SELECT 1 WHERE 0","Native",nil); fmt.Println("empty exec",len(o),err)
 s,err=k.stream("SELECT throwIf(number=150000) FROM numbers(200000)","Native",nil); for err==nil { var b []byte; b,err=s.next(); fmt.Println(len(b),err)}; s.close()
 s,err=k.stream("SELECT nonsuch","Native",nil); fmt.Println(err)
 s,err=k.stream("SHOW TABLES","Native",nil); fmt.Println("show",err); if err==nil{b,err=s.next(); fmt.Println(len(b),err);s.close()}
 s,err=k.stream("CREATE TABLE mt (a Int8) ENGINE=Memory","Native",nil); fmt.Println("create",err); if err==nil{b,err=s.next(); fmt.Println(len(b),err);s.close()}
 s,err=k.stream("INSERT INTO mt SELECT 1","Native",nil); fmt.Println("ins",err); if err==nil{b,err=s.next(); fmt.Println(len(b),err);s.close()}
 fmt.Println(k.insert("INSERT INTO mt (a)","CSV",nil,strings.NewReader("x\n")))
 fmt.Println(k.insert("INSERT INTO nonsuch (a)","CSV",nil,strings.NewReader("x\n")))
 fmt.Println(k.insert("INSERT INTO mt (a)","CSV",nil,strings.NewReader("7\n")))
 show("SELECT * FROM mt")
}
