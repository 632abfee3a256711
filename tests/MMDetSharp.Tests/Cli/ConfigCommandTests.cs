using System.Text.Json;

using MMDetSharp.Tests.Support;

namespace MMDetSharp.Tests.Cli;

[Collection(UsesConsole.Name)]
public sealed class ConfigCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _config;

    public ConfigCommandTests()
    {
        _folder.Write("base.py", "model = dict(type='Unheard', depth=18, size=(3, 4), pretrained=None)\n");
        _config = _folder.Write("own.py", "_base_ = './base.py'\nmodel = dict(depth=50)\n");
    }

    [Fact]
    public void Run_Python_IsAConfigThatResolvesToItself()
    {
        var text = MmdetProcess.Run("config", _config).Succeeded().Output;

        Assert.Equal(text, MmdetProcess.Run("config", _folder.Write("written.py", text)).Succeeded().Output);
        Assert.Contains("type='Unheard'", text, StringComparison.Ordinal);
        Assert.Contains("depth=50", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_Json_TuplesAreArraysAndNoneIsNull()
    {
        var result = MmdetProcess.Run("config", _config, "--json", "--cfg-options", "model.depth=101", "lr=0.5")
            .Succeeded();

        var root = JsonDocument.Parse(result.Output).RootElement;
        var model = root.GetProperty("model");
        Assert.Equal([3, 4], model.GetProperty("size").EnumerateArray().Select(entry => entry.GetInt32()));
        Assert.Equal(JsonValueKind.Null, model.GetProperty("pretrained").ValueKind);
        Assert.Equal(101, model.GetProperty("depth").GetInt32());
        Assert.Equal(0.5, root.GetProperty("lr").GetDouble());
    }

    [Fact]
    public void Run_Origins_NamesFileAndLineOfEachKey()
    {
        var result = MmdetProcess.Run("config", _config, "--origins", "--cfg-options", "lr=0.5").Succeeded();

        var lines = result.Output.Split('\n');
        Assert.Contains("own.py:2", Assert.Single(lines, line => line.Contains("depth", StringComparison.Ordinal)));
        Assert.Contains("base.py:1", Assert.Single(lines, line => line.Contains("size", StringComparison.Ordinal)));
        Assert.Contains("--cfg-options", Assert.Single(lines, line => line.Contains("lr", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("model = dict(depth=18", "own.py:1")]
    [InlineData("_base_ = './bose.py'", "own.py", "bose.py")]
    [InlineData("import os\nmodel = os.listdir()", "own.py:2", "import")]
    [InlineData("a = 1\nmodel = dict(depth=depht)", "own.py:2", "depht")]
    public void Run_BrokenFile_NamesItsLine(string text, params string[] parts)
    {
        var config = _folder.Write("own.py", text);

        MmdetProcess.Run("config", config).Failed(1, parts);
    }

    [Theory]
    [InlineData("depth")]
    [InlineData("model.depth")]
    [InlineData("model.depth.deeper=3")]
    public void Run_BrokenOverride_NamesIt(string option) =>
        MmdetProcess.Run("config", _config, "--cfg-options", option).Failed(1, option.Split('=')[0]);

    public void Dispose() => _folder.Dispose();
}
