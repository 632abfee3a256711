using MMDetSharp.Core.Configs;
using MMDetSharp.Core.Configs.Loading;

namespace MMDetSharp.Tests.Core.Configs;

public class ConfigOriginsTests
{
    [Fact]
    public void Write_Config_NamesTheLineOfEachLeaf()
    {
        var config = Config.Parse(
            """
            norm = dict(
                mean=[1.0,
                      2.0])
            kind = 'A'
            data = dict(
                type=kind,
                steps=[dict(name='x', **norm), dict(
                    name='y')],
                empty={})
            data['type'] = 'B'
            """,
            "a.py",
            ["norm.std=1"]);

        Assert.Equal(
            """
            norm.mean = [1.0, 2.0]  # a.py:2
            norm.std = 1  # --cfg-options norm.std=1
            kind = 'A'  # a.py:4
            data.type = 'B'  # a.py:10
            data.steps.0.name = 'x'  # a.py:7
            data.steps.0.mean = [1.0, 2.0]  # a.py:2
            data.steps.1.name = 'y'  # a.py:8
            data.empty = {}  # a.py:9

            """,
            ConfigOrigins.Write(config.Root));
    }

    [Fact]
    public void Write_ChildOfBase_NamesTheFileThatSetTheKeyLast()
    {
        using var folder = new ConfigFolder();
        var basis = folder.Write("base.py", "model = dict(\n    a=1,\n    b=2)");
        var child = folder.Write("child.py", "_base_ = 'base.py'\nmodel = dict(b=3)");

        var origins = ConfigOrigins.Write(Config.Load(child).Root);

        Assert.Equal($"model.a = 1  # {basis}:2\nmodel.b = 3  # {child}:2\n", origins);
    }
}
