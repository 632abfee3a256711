using System.CommandLine;

using MMDetSharp.Core.Configs;
using MMDetSharp.Engine.ForeignModels;

namespace MMDetSharp.Cli;

/// <summary><c>mmdet config</c>: what a config says after inheritance and overrides.</summary>
internal static class ConfigCommand
{
    internal static Command Create()
    {
        var config = Arguments.ConfigOrModel();
        var json = new Option<bool>("--json") { Description = "Print JSON instead of Python text." };
        var origins = new Option<bool>("--origins") { Description = "Tell for each key where its value was written." };
        var options = Arguments.ConfigOptions();
        var command = new Command("config", "Print a config with its inheritance resolved.")
        {
            config, json, origins, options,
        };
        command.SetAction(parsed =>
        {
            var resolved = ForeignModel.LoadConfig(
                parsed.GetRequiredValue(config), new ForeignModelOptions(), parsed.GetRequiredValue(options));
            foreach (var warning in resolved.Warnings)
            {
                Console.Error.WriteLine($"mmdet: {warning}");
            }

            Console.Out.WriteLine(Text(resolved.Root, parsed.GetValue(json), parsed.GetValue(origins)).TrimEnd());
        });
        return command;
    }

    private static string Text(ConfigNode root, bool json, bool origins)
    {
        if (origins)
        {
            return ConfigOrigins.Write(root);
        }

        return json ? ConfigJsonWriter.Write(root) : ConfigPythonWriter.Write(root);
    }
}
