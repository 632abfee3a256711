using System.Text.Json;
using FsCheck.Xunit;
using MMDetSharp.Core.Configs;
using MMDetSharp.Core.Configs.Loading;

namespace MMDetSharp.Tests.Core.Configs;

public class ConfigWriterTests
{
    [Fact]
    public void WritePython_Config_IsLaidOutAsInMmcv()
    {
        var root = Config.Parse(
            """
            backbone = dict(type='ResNet', depth=50, out_indices=(0, 1, 2, 3), style='pytorch')
            model = dict(type='RetinaNet', backbone=backbone)
            del backbone
            workflow = [('train', 1)]
            weird = {'x/x': 1, 6: (1,), 'class': None}
            numbers = [1.0, 1e-5, float('inf'), float('nan'), -2]
            pipeline = [dict(type='LoadImageFromFile'), dict(type='LoadAnnotations', with_bbox=True), dict(type='Pad')]
            empty = [[], (), {}, set(), '']
            """).Root;

        Assert.Equal(
            """
            model = dict(
                type='RetinaNet',
                backbone=dict(
                    type='ResNet',
                    depth=50,
                    out_indices=(0, 1, 2, 3),
                    style='pytorch'))
            workflow = [('train', 1)]
            weird = {'x/x': 1, 6: (1,), 'class': None}
            numbers = [1.0, 1e-05, float('inf'), float('nan'), -2]
            pipeline = [
                dict(type='LoadImageFromFile'),
                dict(type='LoadAnnotations', with_bbox=True),
                dict(type='Pad')
            ]
            empty = [[], (), dict(), set(), '']

            """,
            ConfigPythonWriter.Write(root));
    }

    [Fact]
    public void WritePython_KeyThatIsNoName_IsRefused()
    {
        var root = Config.Parse("{\"a-b\": 1}", "x.json").Root;

        var error = Assert.Throws<ConfigException>(() => ConfigPythonWriter.Write(root));

        Assert.Equal("x.json:1: the key 'a-b' cannot be a name in Python. Rename it, or write JSON.", error.Message);
    }

    [Fact]
    public void WritePython_KeyNamedDict_ComesLast()
    {
        var root = Config.Parse("{\"dict\": 1, \"a\": {\"b\": 2}}", "x.json").Root;

        Assert.Equal("a = dict(b=2)\ndict = 1\n", ConfigPythonWriter.Write(root));
    }

    [Fact]
    public void WriteJson_Config_IsPlainJson()
    {
        var root = Config.Parse(
            """
            a = dict(b=(1, 2.0), c=None, d=[dict(e=True), dict()], f='"\\\n\t😀é')
            g = [float('inf'), -float('inf'), float('nan')]
            h = {6: 1}
            """).Root;

        Assert.Equal(
            """
            {
              "a": {
                "b": [1, 2.0],
                "c": null,
                "d": [
                  {
                    "e": true
                  },
                  {}
                ],
                "f": "\"\\\n\u0009\ud83d\ude00é"
              },
              "g": ["Infinity", "-Infinity", "NaN"],
              "h": {
                "6": 1
              }
            }

            """,
            ConfigJsonWriter.Write(root));
    }

    [Property(Arbitrary = [typeof(ConfigArbitrary)], MaxTest = 500)]
    public bool WritePython_AnyConfig_ReadsBackTheSame(ConfigNode root) =>
        ConfigValue.Same(root, Config.Parse(ConfigPythonWriter.Write(root)).Root);

    [Property(Arbitrary = [typeof(ConfigArbitrary)], MaxTest = 200)]
    public bool Repr_AnyConfig_ReadsBackTheSame(ConfigNode root)
    {
        if (root.ToString().Contains("{{", StringComparison.Ordinal))
        {
            return true;
        }

        var read = Config.Parse("inf = float('inf')\nnan = float('nan')\nx = " + root).Root["x"];
        return ConfigValue.Same(root, read);
    }

    [Property(Arbitrary = [typeof(ConfigArbitrary)], MaxTest = 200)]
    public bool WriteJson_AnyConfig_IsValidJson(ConfigNode root)
    {
        using var document = JsonDocument.Parse(ConfigJsonWriter.Write(root));
        return document.RootElement.EnumerateObject().Count() == root.Count;
    }

    [Property(MaxTest = 1000)]
    public bool Repr_AnyFloat_ReadsBackTheSame(double number) =>
        !double.IsFinite(number) ||
        ((double)((ConfigScalar)Config.Parse($"x = {PythonText.Repr(number)}").Root["x"]).Content!).Equals(number);

    [Property(MaxTest = 500)]
    public bool Repr_AnyString_ReadsBackTheSame(string? text)
    {
        var word = text ?? "";
        return word.Contains("{{", StringComparison.Ordinal) ||
            (string?)((ConfigScalar)Config.Parse($"x = {PythonText.Repr(word)}").Root["x"]).Content == word;
    }
}
